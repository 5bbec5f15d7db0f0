"""Claims about buttons that run a command: what they carry is read again as what was typed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.slack.grammar import parse
from deadair.adapters.slack.vocabulary import FLAGS, NAMES, VERBS
from slack_commands.running import words_again

SOME = [
    "7",
    "last",
    "--at",
    "—fix",
    "<@U1|ana>",
    "<@U2>",
    "“x”",
    "'",
    "&lt;",
    "&amp;lt;",
    "<https://a.example|it>",
    "\n",
]
TYPED = st.lists(st.text(max_size=20) | st.sampled_from([*NAMES, *SOME, *(f"--{flag}" for flag in FLAGS)]), max_size=6)


@given(verb=st.sampled_from([name for name, verb in NAMES.items() if VERBS[verb].takes_ref]), words=TYPED)
def test_a_button_runs_what_was_typed_on_the_incident_that_it_names(verb: str, words: list[str]) -> None:
    command = parse(f"{verb} {' '.join(words)}")
    again = parse(words_again(command, command.verb, "42"))

    assert again == replace(command, ref="42", said=command.verb)
