"""`deadair kb`: the knowledge base, searched, filled and rebuilt. Wiring."""

import typer

app = typer.Typer(help="Postmortems: search, import, rebuild the index.", no_args_is_help=True)
