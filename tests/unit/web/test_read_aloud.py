"""Claims about texts on a page: escaped, with times in the reader's zone and without long lists of datapoints."""

import pytest

from deadair.adapters.jinja.times import read_aloud

STAMP = "2026-11-30T04:09:00Z"
MOVED = f'<time datetime="{STAMP}" data-local="short" title="30 Nov 2026, 04:09:00 UTC">30 Nov, 04:09 UTC</time>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no signal came since 2026-11-30 04:09 UTC, <b>", f"no signal came since {MOVED}, &lt;b&gt;"),
        ("2026-02-31 10:00 UTC", "2026-02-31 10:00 UTC"),
        ("9 datapoints [0.0 (21/11/26 04:50:00), 0.0 (21/11/26 04:45:00)] were", "9 datapoints [0.0, …] were"),
        ("1 datapoint [-1.5E-3 (21/11/26 04:50:00)] was", "1 datapoint [-1.5E-3] was"),
        ("a note [1 (2), 3]", "a note [1 (2), 3]"),
    ],
)
def test_a_text_is_shown_in_the_readers_time_and_in_short(text: str, shown: str) -> None:
    assert str(read_aloud(text)) == shown
