"""Claims about Backstage catalogs: what they say becomes rows, what they cannot say is kept, and nobody is guessed."""

import pytest

from deadair.adapters.dynamodb.row_write import StoredRow
from deadair.adapters.registry_file.backstage import Catalog, read_catalog
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import RegistryFileError
from deadair.adapters.registry_file.write import as_fields, as_json, hash_of
from deadair.domain.errors import Invalid
from deadair.usecases.merge_rows import merge_rows

CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Form_Relay
  title: Web forms → Marketo
  description: |
    A visitor asks for a demo
    and gets an answer.
  annotations:
    deadair.io/alarm-pattern: form-relay-*, web-form-?
    example.com/other: "1"
  links:
  - {url: 'https://grafana.example.com', title: Board}
  - {url: 'https://wiki.example.com/form', title: The runbook}
spec:
  type: service
  owner: user:ana.lima
  dependsOn: ['resource:default/lead-db', 'component:gone']
  dependencyOf: ['component:crm/sync', 'system:not-there', 'domain:sales']
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: lead-db}
spec: {type: database, owner: growth}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: sync, namespace: crm, annotations: {deadair.io/slug: crm-sync}}
spec: {owner: 'user:nobody'}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: orders
  annotations: {deadair.io/owner-email: bo@example.com, deadair.io/owner-name: Bo Ek, deadair.io/owner-slack-id: U0BO}
spec: {owner: 'group:default/growth'}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: everything}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ana.lima, annotations: {deadair.io/slack-id: U0ANA}}
spec: {profile: {displayName: Ana Lima, email: ana@example.com}, memberOf: [growth]}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: sales}
---
"""


def rows_of(text: str) -> dict[str, Row]:
    return {read.row.slug: read.row for read in read_catalog(text.encode(), "catalog-info.yaml").rows}


def problems_of(text: str) -> list[str]:
    with pytest.raises(RegistryFileError) as caught:
        read_catalog(text.encode(), "catalog-info.yaml")
    return [str(problem) for problem in caught.value.problems]


def an_entity(
    name: str = "form-relay", kind: str = "Component", spec: str = "{owner: 'user:ana'}", meta: str = ""
) -> str:
    return f"---\napiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n{meta}spec: {spec}\n"


def laid_over(text: str, row: Row) -> Row:
    """What an import would write over this row."""
    stored = StoredRow(row.slug, as_json(row), hash_of(as_json(row)), 1)
    [merged] = merge_rows(read_catalog(text.encode(), "x").rows, {row.slug: stored})
    return merged


def test_a_component_becomes_a_row_with_all_that_it_says() -> None:
    assert as_fields(rows_of(CATALOG)["form-relay"]) == {
        "slug": "form-relay",
        "name": "Web forms → Marketo",
        "owner": {"name": "Ana Lima", "email": "ana@example.com", "slack_id": "U0ANA"},
        "severity": "SEV3",
        "business_process": "A visitor asks for a demo\nand gets an answer.",
        "dependents": ["crm-sync", "not-there"],
        "runbook": "https://wiki.example.com/form",
        "alarm_patterns": ["form-relay-*", "web-form-?"],
    }


def test_components_systems_resources_and_apis_become_rows_and_nothing_else() -> None:
    assert sorted(rows_of(CATALOG)) == ["crm-sync", "everything", "form-relay", "lead-db", "orders"]


def test_whoever_owns_it_as_a_group_leaves_a_row_that_needs_an_owner() -> None:
    rows = rows_of(CATALOG)

    assert (rows["lead-db"].owner, rows["lead-db"].needs_owner) == (None, "group:default/growth")
    assert rows["crm-sync"].needs_owner == "user:crm/nobody"
    assert rows["everything"].needs_owner == "nobody, the catalog names no owner"


def test_an_annotation_names_the_person_whom_a_group_hides() -> None:
    owner = rows_of(CATALOG)["orders"].owner

    assert owner is not None
    assert (owner.name, owner.email, owner.slack_id) == ("Bo Ek", "bo@example.com", "U0BO")


def test_what_one_depends_on_learns_of_its_dependents() -> None:
    assert rows_of(CATALOG)["lead-db"].dependents == ["form-relay"]


def test_what_was_left_out_is_told_with_its_place() -> None:
    assert [str(note) for note in read_catalog(CATALOG.encode(), "c.yaml").notes] == [
        "c.yaml:18:43 spec.dependsOn: `component:gone` is not in the file — its row does not learn of it",
        "c.yaml:29:15 spec.owner: `user:crm/nobody` has no name and address in the file — the row needs an owner",
        "c.yaml:48:7 kind: `Domain` is no integration — left out",
    ]


def test_a_runbook_without_https_is_left_out_and_told() -> None:
    meta = "  links: [{url: 'http://wiki/x', title: Runbook}, {url: 'https://wiki/y', type: runbook}]\n"
    catalog: Catalog = read_catalog(an_entity(meta=meta).encode(), "c")

    assert catalog.rows[0].row.runbook == "https://wiki/y"
    assert str(catalog.notes[0]) == "c:6:17 metadata.links: the runbook `http://wiki/x` is no https address — left out"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            an_entity("a.b") + an_entity("a_b"),
            (
                "catalog-info.yaml:11:9 slug: `a-b` is on line 5 too"
                " — give each integration its own slug, by the annotation `deadair.io/slug`"
            ),
        ),
        (an_entity("db"), "5:9 slug: `db` is not a slug — use 3 to 64 of a-z, 0-9 and inner hyphens"),
        (
            an_entity(meta="  annotations: {deadair.io/owner-email: ana@example.com}\n"),
            "6:41 owner.name: is missing — add the annotation `deadair.io/owner-name`",
        ),
        (
            an_entity(meta="  annotations: {deadair.io/owner-email: team@example.com, deadair.io/owner-name: Ana}\n"),
            "6:41 owner.email: `team@example.com` is a group alias",
        ),
        (an_entity(kind="User"), "1:1 names no Component, System, Resource or API"),
        ("apiVersion: v1\nkind: Pod\n", "1:1 names no Component"),
        (
            "apiVersion: backstage/v1\nkind: API\nmetadata: {name: orders}\n",
            "1:13 apiVersion: is none of Backstage's — write backstage.io/v1alpha1, or take the document out",
        ),
        ("apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {}\n", "3:11 metadata.name: is missing"),
        ("", "names no Component"),
        ("a: &x 1\n", "1:4 anchors and aliases"),
    ],
)
def test_what_cannot_be_a_row_is_told_with_its_place_and_what_to_do(text: str, said: str) -> None:
    found = problems_of(text)

    assert any(said in problem for problem in found), found
    assert len(found) == 1


EXISTING = Row.model_validate(
    {
        "slug": "form-relay",
        "name": "Forms",
        "owner": {"name": "Ana Lima", "email": "ana@example.com", "slack_id": "U0ANA"},
        "deputy": {"name": "Bo Ek", "email": "bo@example.com"},
        "severity": "SEV1",
        "runbook": "https://wiki.example.com/old",
        "dependents": ["lead-alerts"],
        "alarm_patterns": ["by-hand-*"],
        "thresholds": {"silence_min": 60},
    }
)


def test_a_named_owner_is_never_overwritten_with_nobody() -> None:
    assert laid_over(an_entity(spec="{owner: growth}"), EXISTING) == EXISTING
    assert laid_over(an_entity(spec="{}"), EXISTING) == EXISTING


def test_what_a_catalog_cannot_say_stays_and_its_lists_only_grow() -> None:
    meta = "  title: Web forms\n  annotations: {deadair.io/alarm-pattern: form-*}\n"
    merged = laid_over(an_entity(spec="{owner: growth, dependencyOf: ['component:crm-sync']}", meta=meta), EXISTING)

    assert as_fields(merged) == as_fields(EXISTING) | {
        "name": "Web forms",
        "dependents": ["lead-alerts", "crm-sync"],
        "alarm_patterns": ["by-hand-*", "form-*"],
    }


def test_a_person_whom_the_catalog_names_becomes_the_owner_and_keeps_the_slack_id() -> None:
    who = "  annotations: {{deadair.io/owner-email: {}, deadair.io/owner-name: {}}}\n"
    same = laid_over(an_entity(meta=who.format("ANA@example.com", "Ana M. Lima")), EXISTING)
    other = laid_over(an_entity(meta=who.format("cy@example.com", "Cy Ng")), EXISTING)

    assert same.owner is not None
    assert (same.owner.name, same.owner.slack_id) == ("Ana M. Lima", "U0ANA")
    assert other.owner is not None
    assert (other.owner.name, other.owner.slack_id) == ("Cy Ng", "")


def test_a_row_that_needed_an_owner_gets_the_one_who_is_named() -> None:
    waiting = Row.model_validate({"slug": "form-relay", "name": "F", "needs_owner": "group:default/growth"})
    meta = "  annotations: {deadair.io/owner-email: cy@example.com, deadair.io/owner-name: Cy Ng}\n"

    merged = laid_over(an_entity(meta=meta), waiting)

    assert merged.needs_owner == ""
    assert merged.owner is not None
    assert laid_over(an_entity(spec="{owner: platform}"), waiting).needs_owner == "group:default/platform"


def test_a_row_that_no_import_wrote_is_told_and_not_laid_over() -> None:
    broken = StoredRow("form-relay", '{"slug":"form-relay"}', "", 1)

    with pytest.raises(Invalid, match="`form-relay` cannot be laid over its row in the registry: is missing"):
        merge_rows(read_catalog(an_entity().encode(), "x").rows, {"form-relay": broken})


@pytest.mark.parametrize(
    "document",
    ["apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n", "apiVersion: v1\nkind: Secret\n", "a: 1\n"],
)
def test_what_is_no_entity_of_backstages_own_is_left_out_with_a_note(document: str) -> None:
    catalog = read_catalog(f"{an_entity()}---\n{document}".encode(), "catalog-info.yaml")

    assert [read.row.slug for read in catalog.rows] == ["form-relay"]
    assert any("no integration — left out" in str(note) for note in catalog.notes)
