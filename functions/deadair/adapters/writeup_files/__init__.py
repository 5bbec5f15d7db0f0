"""Files of old postmortems: Markdown with YAML front matter.

Operators' code only: YAML is not in the bundle of the rooms, and no room imports this.
"""

from deadair.adapters.writeup_files.folder import Refused, Writeup, read_folder

__all__ = ["Refused", "Writeup", "read_folder"]
