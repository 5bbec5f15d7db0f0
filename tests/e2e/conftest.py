"""What is left out of the whole line's claims on a machine that has nothing for them."""

import os

collect_ignore = [] if os.environ.get("DEADAIR_INPUTS") else ["test_foreign_inputs.py"]
