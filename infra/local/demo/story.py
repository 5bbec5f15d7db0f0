"""The story: HubSpot stops sending contacts to Salesforce, and what becomes of it.

Each step does something that a person or the world does, and then waits until it can be seen.
"""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from infra.local.demo.line import Line
from infra.local.demo.morning import an_hour_passes, morning_of
from infra.local.demo.telling import Teller
from infra.local.demo.witness import Json, NotSeenError, Witness, about, not_over
from infra.target import Target

SLUG = "hubspot-salesforce"
REGISTRY = Path(__file__).parents[1] / "sample" / "registry.yaml"
FIX = "Reauthorised the HubSpot connection as the integration user and replayed 1,260 contacts."
ANSWERS = {
    "what_broke": "No contact reached Salesforce: HubSpot's connection had lost its authorisation.",
    "when_started": "With the hour after the last good sync; sales worked on old data until it was mended.",
    "how_detected": "The silence alarm: an hour without one record, where its row expects some at every hour.",
    "what_fixed": FIX,
    "what_earlier": "The date on which the authorisation ends, in the registry, with a reminder before it.",
}
TO_DO = "Put the day on which the authorisation ends into the registry"
# Every digest says how often it comes.
DIGEST = "One message a day"
PATTERN = re.compile(r"Seen \d+ times in \d+ days")
# An older one, from before there was Deadair.
WEEKS_AGO = 3
OLD_FIX = "Reconnected HubSpot by hand; nobody noted why."


class Story:
    """One telling. `play` raises NotSeenError at the first step that is not observed."""

    def __init__(self, target: Target, teller: Teller, state_dir: Path) -> None:
        self.target, self.teller, self.state_dir = target, teller, state_dir
        self.ana = Witness(target.web, target.slack)
        self.line = Line(target, SLUG)
        self.alarm = ""
        self.owner: Json = {}
        self.incident = ""

    def play(self) -> None:
        """Every step in its order."""
        self.register()
        self.fall_silent()
        self.open()
        self.tell_the_owner()
        self.work_it()
        self.mend()
        self.resolve()
        self.answer()
        self.review()
        self.publish()
        self.find()
        self.promise()
        self.remember()
        self.see_it_again()

    def register(self) -> None:
        """The registry says who owns what."""
        with self.teller.step("The registry names one owner for each integration"):
            told = json.loads(self._command("registry", "import", str(self._registry()), "--json"))
            self.owner = self.ana.until("the integration on the web", self._owner)
            self.teller.seen(f"deadair registry import: {len(told['added'])} added, {len(told['unchanged'])} as before")
            self.teller.seen(f"HubSpot → Salesforce belongs to {self.owner['name']}")
            self.teller.look("owners", f"{self.target.web}/integrations")
            self._clear_the_table()
            self.teller.seen(f"its row raises {self.alarm}; nobody wrote that alarm")

    def fall_silent(self) -> None:
        """No record arrives any more; CloudWatch notices what is missing."""
        with self.teller.step("The hourly sync goes silent, and its silence alarm fires"):
            alarm = self.line.foretell()
            self.line.fall_silent()
            self.ana.until("the silence alarm in ALARM", lambda: self.line.state(self.alarm) == "ALARM")
            window = alarm["periods"] * alarm["period_s"] // 60
            self.teller.seen(
                f"no record for {window} minutes: the alarm looks at {alarm['periods']} periods, and misses all"
            )

    def open(self) -> None:
        """The alarm becomes an incident with a name on it."""
        with self.teller.step("An incident opens by itself, with a named owner"):
            found = self.ana.until("an open incident of the integration", self._open_incident)
            self.incident = found["id"]
            if found["owner"]["name"] != self.owner["name"]:
                raise NotSeenError(f"{self.incident} belongs to {found['owner']['name']}, not to the registry's owner")
            self.teller.seen(f"{self.incident} · {found['severity']} · {found['title']} · {found['owner']['name']}")
            row = self.ana.read(f"/integrations/{SLUG}.json")
            then = [person["name"] for person in (row.get("deputy"), row.get("escalation")) if person]
            self.teller.seen(f"if {self.owner['name']} cannot be reached: {', then '.join(then)}")
            self.teller.look("incident", f"{self.target.web}/incidents/{self.incident}")

    def tell_the_owner(self) -> None:
        """One card in the channel, one direct message."""
        with self.teller.step("Slack shows one card, and tells the owner what to do first"):
            self.ana.until("the card in #incidents", lambda: self.ana.card(self.incident))
            self.ana.until("the direct message to the owner", lambda: self.ana.direct(self.incident))
            self.teller.look("Slack", self.target.slack)

    def work_it(self) -> None:
        """Acknowledge by button, note by command."""
        with self.teller.step(f"{self.owner['name']} acknowledges with the button and writes a note"):
            self.ana.until("the button", lambda: self.ana.press(self._user(), self.incident, "Acknowledge"))
            self._until_status("acknowledged")
            self.ana.type(self._user(), f"note {self.incident} HubSpot answers 401; the connecting user lost a seat")
            self.ana.until("the note in the timeline", lambda: self._timeline_has("401"))
            self.teller.seen(f"/incident note {self.incident} HubSpot answers 401; the connecting user lost a seat")

    def mend(self) -> None:
        """Records arrive again; the alarm says so."""
        with self.teller.step("The connection is reauthorised: records flow, the alarm recovers"):
            self.line.mend()
            self._until_recovered()
            self.teller.seen("recovered; the incident stays open until its owner says that it is over")

    def resolve(self) -> None:
        """The owner says that it is over, and what fixed it."""
        with self.teller.step(f"{self.owner['name']} resolves it from Slack"):
            self.ana.type(self._user(), f"resolve {self.incident} {FIX}")
            self._until_status("resolved")
            self.teller.seen(f"/incident resolve {self.incident} {FIX[:44]}…")

    def answer(self) -> None:
        """The five questions, on the web form."""
        with self.teller.step("The postmortem is drafted; its owner answers the five questions"):
            self.ana.until("the draft", lambda: self._incident()["postmortem"]["state"] == "draft")
            form = f"/incidents/{self.incident}/postmortem"
            self.ana.post(form, {**ANSWERS, "action": "save"}, form=form)
            self.ana.until("five answers", lambda: self._incident()["postmortem"]["answered"] == len(ANSWERS))
            self.teller.look("form", f"{self.target.web}{form}")

    def review(self) -> None:
        """What was this bad is read by somebody else before everybody reads it."""
        deputy: Json = _sample_row()["deputy"]
        with self.teller.step(f"{deputy['name']} reads it and approves it"):
            self.ana.type(self._user(), f"review {self.incident} @{deputy['name']}")
            self.ana.until("the review that was asked", lambda: self._timeline_has(f"{deputy['name']} is asked"))
            self.ana.type(deputy["slack_id"], f"approve {self.incident}")
            self.ana.until("the approval", lambda: self._timeline_has("Postmortem approved"))
            self.teller.seen(f"/incident review {self.incident} @{deputy['name'].split()[0].lower()}, and approved")

    def publish(self) -> None:
        """Publishing from Slack puts plain files into the bucket."""
        with self.teller.step("It is published: Markdown, HTML and JSON in the bucket"):
            self.ana.type(self._user(), f"pm {self.incident} publish")
            self.ana.until("the published page", lambda: self.ana.read(f"/postmortems/{self.incident}.json"))
            self.teller.look("postmortem", f"{self.target.web}/postmortems/{self.incident}")

    def find(self) -> None:
        """A search by somebody else finds it."""
        with self.teller.step("Somebody searches, and finds it"):
            self.ana.until("the postmortem among the found", lambda: self.incident in self._found("contacts 401 seat"))
            told = json.loads(self._command("kb", "search", "hubspot authorisation", "--json"))
            if self.incident not in [hit["id"] for hit in told["hits"]]:
                raise NotSeenError("`deadair kb search` did not find the postmortem")
            self.teller.look("search", f"{self.target.web}/postmortems?q=hubspot+authorisation")

    def promise(self) -> None:
        """What would have caught it is somebody's to do, and they hear of it in their morning."""
        with self.teller.step(f"What would have caught it is {self.owner['name']}'s to do; a reminder comes"):
            self.ana.type(self._user(), f"action {self.incident} {TO_DO} by tomorrow")
            self.ana.until("the action item", lambda: TO_DO in self._command("actions", "list", "--json"))
            with morning_of(self.owner["email"], self._command, datetime.now(UTC)):
                an_hour_passes(self.target)
                digest = self.ana.until("the reminder in the morning", lambda: self.ana.told_of(DIGEST))
            self.teller.seen(f"/incident action {self.incident} {TO_DO[:34]}… by tomorrow")
            self.teller.look("reminder", f"{self.target.slack}/#{digest['ts']}")
            self.teller.look("actions", f"{self.target.web}/actions")

    def remember(self) -> None:
        """What broke before counts, and is news to nobody."""
        with self.teller.step("An incident of three weeks ago is recorded, and nobody is told"):
            began = datetime.combine(datetime.now(UTC) - timedelta(weeks=WEEKS_AGO), time(8), UTC)
            found = (began + timedelta(hours=2), began + timedelta(hours=3))
            times = (
                "--started",
                began.isoformat(),
                "--detected",
                found[0].isoformat(),
                "--resolved",
                found[1].isoformat(),
            )
            past = ("no contacts since the morning", "--class", "silence", *times, "--fix", OLD_FIX)
            told = json.loads(self._command("incidents", "open", SLUG, *past, "--json"))
            self.ana.until("the past incident", lambda: self.ana.read(f"/incidents/{told['id']}.json"))
            self.teller.look("trends", f"{self.target.web}/trends")

    def see_it_again(self) -> None:
        """A second silence of the same integration meets the first one's lesson."""
        with self.teller.step("Another silence: its card says what fixed it, and that it comes back"):
            self.line.fall_silent()
            second = self.ana.until("a second incident", lambda: self._open_incident(but=self.incident))["id"]
            card = self.ana.until("its card", lambda: self.ana.card(second))
            self.ana.until("“seen before” on the card", lambda: self._mentions_the_first(second))
            pattern = self.ana.until("the pattern on the card", lambda: self._pattern(second))
            self.teller.seen(f"{second}: {pattern.lower()}; fixed in {self.incident}: {FIX[:20]}…")
            self.teller.look("Slack", f"{self.target.slack}/#{card['ts']}")
            self.teller.look("it stays silent until you type", f"deadair local mend {SLUG}")

    def _command(self, *words: str) -> str:
        """Run `deadair`, as an operator would. Raises NotSeenError with what it said when it fails."""
        command = [sys.executable, "-m", "infra.cli.main", "--state-dir", str(self.state_dir), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise NotSeenError(f"deadair {' '.join(words)} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def _clear_the_table(self) -> None:
        """Mend and close what an earlier telling left, so that this one begins at the beginning."""
        self.line.make_whole()
        self.alarm = self.line.foretell()["name"]
        self.ana.until("its silence alarm, and it is OK", lambda: self.line.state(self.alarm) == "OK")
        while left := self._open_incident():
            self.ana.type(self._user(), f"resolve {left['id']} Left over from an earlier telling.")
            self.ana.until("the leftover resolved", lambda: (self._open_incident() or {}).get("id") != left["id"])

    def _owner(self) -> Json | None:
        owner: Json = _sample_row()["owner"]
        self.ana.sign_in(owner["email"])
        self.ana.read(f"/integrations/{SLUG}.json")
        return owner

    def _registry(self) -> Path:
        """The sample, but for one word: within half an hour the story's second silence would reopen its first."""
        head = f"- slug: {SLUG}\n"
        text = REGISTRY.read_text("utf-8").replace(head, f"{head}  handling: {{reopen_min: 0}}\n", 1)
        file = self.state_dir / "demo-registry.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    def _user(self) -> str:
        return str(self.owner["slack_id"])

    def _incident(self) -> Json:
        found: Json = self.ana.read(f"/incidents/{self.incident}.json")
        return dict(found.get("incident", found))

    def _open_incident(self, but: str = "") -> Json | None:
        listed = self.ana.read("/incidents", state="open")["incidents"]
        return next((i for i in listed if i["integration"] == SLUG and i["id"] != but), None)

    def _until_status(self, status: str) -> None:
        self.ana.until(f"{self.incident} {status}", lambda: self._incident()["status"] == status)

    def _until_recovered(self) -> None:
        try:
            self.ana.until("the recovery in the incident", lambda: self._incident()["recovered_at"])
        except NotSeenError as missing:
            raise NotSeenError(f"{missing}. {not_over(self._incident())}.") from missing

    def _timeline_has(self, text: str) -> bool:
        return any(text in entry["text"] for entry in self._incident()["timeline"])

    def _found(self, query: str) -> list[str]:
        return [hit["id"] for hit in self.ana.read("/v1/postmortems", q=query)["postmortems"]]

    def _pattern(self, second: str) -> str:
        card = self.ana.card(second)
        found = PATTERN.search(json.dumps(card)) if card else None
        return found[0] if found else ""

    def _mentions_the_first(self, second: str) -> bool:
        card = self.ana.card(second)
        return card is not None and about(card, self.incident)


def _sample_row() -> Json:
    import yaml  # only the demo reads its own sample; everybody else goes through the importer

    rows: list[Json] = yaml.safe_load(REGISTRY.read_text("utf-8"))["integrations"]
    return next(row for row in rows if row["slug"] == SLUG)
