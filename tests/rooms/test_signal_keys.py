"""Claims about keys: two are valid at a time, a change is written down first, and SSM's silence stops nobody."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import RowWrite
from deadair.adapters.registry_file.write import hash_of
from deadair.adapters.ssm.signal_keys import AGAIN_S, ASK_AGAIN_S, KEPT_S, STALE_S, SignalKeys, SignalKeyStore
from deadair.domain.errors import NotFound, Stale, Unavailable
from deadair.domain.signal_keys import KeyRing
from deadair.usecases.signal_keys import KeyDesk
from deadair.usecases.verify_audit import verify_audit
from infra.target import Target
from tests.rooms.faulty import Faulty, refusal
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def table(stack: Target) -> str:
    return a_table_like(stack, "RegistryTable")


@pytest.fixture
def slug(stack: Target, table: str) -> str:
    """An integration with a row."""
    slug = f"flow-{uuid4().hex[:8]}"
    text = json.dumps({"slug": slug, "name": slug, "owner": {"name": "Ana Lima"}})
    RegistryWriter(stack.client("dynamodb"), table).write([RowWrite(slug, text, hash_of(text))], now=NOW, by="test")
    return slug


@pytest.fixture
def store(stack: Target) -> SignalKeyStore:
    return SignalKeyStore(stack.client("ssm"), f"/deadair/claims/{uuid4().hex[:8]}/")


@pytest.fixture
def desk(stack: Target, table: str, store: SignalKeyStore) -> KeyDesk:
    return KeyDesk(store, RegistryWriter(stack.client("dynamodb"), table), by="cli:ana", now=NOW)


class Ticks:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_key_is_made_and_then_kept(desk: KeyDesk, store: SignalKeyStore, slug: str) -> None:
    first = desk.key(slug)

    assert desk.key(slug) == first
    assert store.read(slug).secrets == (first.secret,)
    assert len(first.secret) >= 40


def test_two_keys_are_valid_at_a_time(desk: KeyDesk, store: SignalKeyStore, slug: str) -> None:
    keys = [desk.rotate_key(slug) for _ in range(3)]

    assert store.read(slug).keys == (keys[2], keys[1])
    assert desk.key(slug) == keys[2]
    assert (desk.revoke_old_key(slug), desk.revoke_old_key(slug)) == (True, False)
    assert store.read(slug).keys == (keys[2],)


def test_two_heartbeat_addresses_are_valid_at_a_time(desk: KeyDesk, store: SignalKeyStore, slug: str) -> None:
    first = desk.heartbeat(slug)
    second, third = desk.rotate_heartbeat(slug), desk.rotate_heartbeat(slug)

    assert store.read(slug).heartbeats == (third, second)
    assert first not in store.read(slug).heartbeats
    assert (desk.revoke_old_heartbeat(slug), desk.revoke_old_heartbeat(slug)) == (True, False)
    assert desk.heartbeat(slug) == third


def test_every_change_is_in_the_audit_log_without_a_secret(stack: Target, table: str, desk: KeyDesk, slug: str) -> None:
    first, second = desk.key(slug), desk.rotate_key(slug)
    desk.revoke_old_key(slug)
    token = desk.heartbeat(slug)

    log = AuditLog(stack.client("dynamodb"), table)
    entries = log.of(slug, 5)
    assert [entry.action for entry in reversed(entries)][1:4] == [
        f"key {first.id} made",
        f"key {second.id} made",
        f"key {first.id} revoked",
    ]
    assert entries[0].action.startswith("heartbeat ")
    assert {entry.by for entry in entries[:-1]} == {"cli:ana"}
    assert not any(secret in repr(entries) for secret in (first.secret, second.secret, token))
    assert verify_audit(RegistryWriter(stack.client("dynamodb"), table)).whole


def test_no_key_is_made_for_what_has_no_row(desk: KeyDesk) -> None:
    with pytest.raises(NotFound):
        desk.key("nobody-knows-it")


def test_of_two_who_change_a_key_at_once_the_second_is_told(store: SignalKeyStore, slug: str) -> None:
    ring = KeyRing(heartbeats=("one",))
    store.write(slug, ring)

    with pytest.raises(Stale):
        store.write(slug, ring)
    seen = store.read(slug)
    store.write(slug, seen.with_heartbeat("two"))
    with pytest.raises(Stale):
        store.write(slug, seen.with_heartbeat("three"))


def test_a_ring_is_kept_for_minutes_and_asked_again_when_a_signature_is_unknown(
    desk: KeyDesk, store: SignalKeyStore, slug: str
) -> None:
    ticks = Ticks()
    keys = SignalKeys(store, ticks)
    first = desk.key(slug)
    assert keys.of(slug).keys == (first,)

    second = desk.rotate_key(slug)
    assert keys.of(slug).keys == keys.again(slug).keys == (first,)
    ticks.now = AGAIN_S
    assert keys.again(slug).keys == keys.of(slug).keys == (second, first)

    desk.revoke_old_key(slug)
    ticks.now += KEPT_S - 1
    assert keys.of(slug).keys == (second, first)
    ticks.now += 1
    assert keys.of(slug).keys == (second,)


def test_while_ssm_is_silent_known_keys_hold_for_an_hour_and_unknown_ones_do_not(
    stack: Target, desk: KeyDesk, store: SignalKeyStore, slug: str
) -> None:
    desk.key(slug)
    faulty = Faulty(stack.client("ssm"), "get_parameters", refusal("ThrottlingException", "GetParameters"), times=0)
    ticks = Ticks()
    keys = SignalKeys(SignalKeyStore(faulty, store._path), ticks)
    ring = keys.of(slug)

    faulty.times = 99
    ticks.now = KEPT_S
    assert keys.of(slug) == keys.again(slug) == keys.of(slug) == ring
    assert faulty.calls == 2
    ticks.now += ASK_AGAIN_S
    assert keys.of(slug) == ring
    with pytest.raises(Unavailable):
        keys.of("another")
    ticks.now = STALE_S
    with pytest.raises(Unavailable):
        keys.of(slug)


def test_no_secret_is_in_a_repr_or_an_error(stack: Target, desk: KeyDesk, store: SignalKeyStore, slug: str) -> None:
    key, token = desk.key(slug), desk.heartbeat(slug)
    ring = store.read(slug)
    stack.client("ssm").put_parameter(
        Name=f"{store._path}/{slug}", Value=f"{key.secret} {token}", Type="SecureString", Overwrite=True
    )

    with pytest.raises(Unavailable) as told:
        store.read(slug)

    said = f"{ring!r} {key!r} {told.value!r} {told.value.__cause__!r}"
    assert not any(secret in said for secret in (key.secret, token))
