"""Files of old postmortems: Markdown with YAML front matter, HTML pages that a wiki exported, and CSV lists of links.

Operators' code only: what reads YAML and HTML is not in the bundle of the rooms, and no room imports this.

writeup.py    a write-up or the reason why not        fields.py     what each field may hold, with its remedy
folder.py     a folder or a file, told apart           encoding.py   bytes → text
front_matter.py  the YAML head of a Markdown file     html_page.py  a page → fields and Markdown
links_csv.py  a list of links, row by row
"""

from deadair.adapters.writeup_files.folder import read_path
from deadair.adapters.writeup_files.writeup import Refused, Writeup

__all__ = ["Refused", "Writeup", "read_path"]
