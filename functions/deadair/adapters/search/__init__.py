"""Search over the knowledge base: SQLite FTS5 in immutable snapshot files.

query.py      a person's words → terms (pure)          text.py      documents → indexed text (pure)
entry.py      what is indexed of a document (pure)     delta.py     what was published since the base (pure)
snapshot.py   entries ⇄ one SQLite file                finding.py   terms → SQL → hits
comparing.py  the best of them → where words stand     ranking.py   what that is worth (pure)
facets.py     filters and counts, in memory            spelling.py  one-edit correction (pure)
manifest.py   which files are current                  files.py     those files in the bucket
publishing.py several writers, nothing lost            index.py     the reading side, with its cache
"""

from deadair.adapters.search.index import KnowledgeIndex
from deadair.adapters.search.publishing import IndexPublisher
from deadair.adapters.search.results import Hit, SearchResult

__all__ = ["Hit", "IndexPublisher", "KnowledgeIndex", "SearchResult"]
