"""Eyes and hands of the story: the web pages' JSON and forms, the local Slack's doors.

Knows public addresses only. Refuses to look into tables, queues and functions: what cannot be seen here did not happen.
"""

import html
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Any, TypeVar

T = TypeVar("T")
Json = dict[str, Any]

PATIENCE_S = 45.0
# One answer may take long on a busy machine; a function's first one always does.
ANSWER_S = 20.0
LOOK_EVERY_S = 0.15
TOKEN = re.compile(r'name="token"\s+value="([^"]+)"')
# What the local Slack asks whoever signs in: what its form carries, and a button for each person.
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WHO = re.compile(r'<button name="user" value="([^"]+)"[^>]*>.*?<small>([^<]*)</small>', re.DOTALL)


class NotSeenError(Exception):
    """A step of the story was not observed in time."""


class Witness:
    """One person at a browser and in Slack. `web` and `slack` are base addresses."""

    def __init__(self, web: str, slack: str) -> None:
        self.web, self.slack = web, slack
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def until(self, what: str, look: Callable[[], T | None], patience_s: float = PATIENCE_S) -> T:
        """Look again and again until something is seen. Raises NotSeenError that says what was waited for."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            try:
                if seen := look():
                    return seen
            except OSError:
                pass  # a page that is not there yet, or not in time, is looked for again
            time.sleep(LOOK_EVERY_S)
        raise NotSeenError(f"not seen within {patience_s:.0f} s: {what}")

    def sign_in(self, email: str, wanted: str = "/") -> str:
        """Go through the web's door as a browser does: to the local Slack, which asks who one is, and back.

        Returns the page that was wanted. Raises OSError, and NotSeenError when nobody there has that address.
        """
        query = urllib.parse.urlencode({"next": wanted})
        with self._browser.open(f"{self.web}/sign-in/start?{query}", timeout=ANSWER_S) as answer:
            question, asked_at = html.unescape(answer.read().decode()), answer.geturl()
        who = next((user for user, address in WHO.findall(question) if address == email), None)
        if who is None:
            raise NotSeenError(f"the local Slack does not offer {email} to sign in")
        body = urllib.parse.urlencode([*HIDDEN.findall(question), ("user", who)]).encode()
        there = urllib.parse.urljoin(asked_at, urllib.parse.urlsplit(asked_at).path)
        with self._browser.open(there, data=body, timeout=ANSWER_S) as answer:
            return str(answer.read().decode())

    def page(self, path: str) -> str:
        """A page as text. Raises OSError."""
        with self._browser.open(self.web + path, timeout=ANSWER_S) as answer:
            return str(answer.read().decode())

    def read(self, path: str, **query: str) -> Json:
        """The JSON that stands beside a page. Raises OSError."""
        address = f"{self.web}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(address, headers={"accept": "application/json"})  # noqa: S310 - our own stack
        with self._browser.open(request, timeout=ANSWER_S) as answer:
            found: Json = json.loads(answer.read())
        return found

    def post(self, path: str, fields: Json, *, form: str) -> None:
        """Send a form as a browser does: with the token and the hidden fields that its page carries."""
        page = self.page(form)
        token = TOKEN.search(page)
        hidden = {"token": token.group(1)} if token else {}
        if edit := re.search(r'name="seen_edit"\s+value="([^"]*)"', page):
            hidden["seen_edit"] = edit.group(1)
        body = urllib.parse.urlencode(hidden | fields).encode()
        with self._browser.open(self.web + path, data=body, timeout=ANSWER_S):
            pass

    def slack_state(self) -> Json:
        """Everything that the local Slack holds."""
        return self._slack("state", None)

    def type(self, user: str, text: str) -> Json:
        """Type a line that begins with the slash command."""
        return self._slack("command", {"user": user, "channel": "C0INCIDENTS", "text": text})

    def click(self, user: str, message: Json, action: Json) -> Json:
        """Press a button of a message."""
        order = {"user": user, "channel": message["channel"], "ts": message["ts"]}
        chosen = {"action_id": action["action_id"], "block_id": action["block_id"], "value": action.get("value")}
        return self._slack("click", order | chosen)

    def press(self, user: str, incident: str, label: str) -> bool:
        """Press a button of the incident's card; False while there is no card.

        Raises OSError when the card was drawn anew between the look and the finger.
        """
        card = self.card(incident)
        if card is not None:
            self.click(user, card, button(card, label))
        return card is not None

    def card(self, incident: str) -> Json | None:
        """The incident's card in the channel, None while there is none."""
        cards = [m for m in self.messages() if m["channel"] == "C0INCIDENTS" and about(m, incident)]
        cards = [message for message in cards if not message.get("thread_ts")]
        return cards[0] if cards else None

    def direct(self, incident: str) -> Json | None:
        """A direct message about the incident, None while there is none."""
        told = [m for m in self.messages() if m["channel"].startswith("D") and about(m, incident)]
        return told[0] if told else None

    def told_of(self, words: str) -> Json | None:
        """The last direct message with these words, None while there is none."""
        told = [m for m in self.messages() if m["channel"].startswith("D") and words in json.dumps(m)]
        return told[-1] if told else None

    def messages(self) -> list[Json]:
        """Every message that is not for one person's eyes only."""
        found: list[Json] = self.slack_state()["messages"]
        return [message for message in found if not message.get("ephemeral_to")]

    def _slack(self, door: str, order: Json | None) -> Json:
        data = None if order is None else json.dumps(order).encode()
        request = urllib.request.Request(  # noqa: S310 - our own stack
            f"{self.slack}/_local/{door}", data=data, headers={"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:  # noqa: S310 - as above
            found: Json = json.loads(answer.read())
        return found


def not_over(incident: Json) -> str:
    """What keeps an incident from having recovered: its alarms that are not OK, as its page has them."""
    wrong = [f"{alarm['name']} is {alarm['state']}" for alarm in incident["alarms"] if alarm["state"] != "OK"]
    again = "it was reopened, and has alarms from before; " if incident["reopened"] else ""
    return f"{incident['id']}: {again}{', '.join(wrong) or 'all of its alarms are OK'}"


def about(message: Json, incident: str) -> bool:
    """Whether a message names the incident."""
    return re.search(rf"\b{re.escape(incident)}\b", json.dumps(message, ensure_ascii=False)) is not None


def button(message: Json, label: str) -> Json:
    """The button with that label, with the id of its block. Raises NotSeenError."""
    for block in message.get("blocks", []):
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] == label:
                found: Json = {**element, "block_id": block.get("block_id", "")}
                return found
    raise NotSeenError(f"the card has no button {label!r}")
