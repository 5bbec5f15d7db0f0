"""Search over the knowledge base: SQLite FTS5 in immutable snapshot files.

query.py      a person's words → terms (pure)          text.py      documents → indexed text (pure)
snapshot.py   documents ⇄ one SQLite file              finding.py   terms → SQL → hits
manifest.py   which snapshot is current                publishing.py several writers, nothing lost
index.py      the reading side, with its cache
"""

from deadair.adapters.search.index import KnowledgeIndex
from deadair.adapters.search.publishing import IndexPublisher
from deadair.adapters.search.results import Hit, SearchResult

__all__ = ["Hit", "IndexPublisher", "KnowledgeIndex", "SearchResult"]
