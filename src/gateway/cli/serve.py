"""`./run serve`: the server without demo data."""

from typing import Annotated

import typer

app = typer.Typer()


@app.command(
    epilog="Examples: [bold]./run serve[/], "
    "[bold]DATABASE_URL=postgresql://… ./run serve --host 0.0.0.0 --workers 4[/]"
)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that serve.")] = None,
) -> None:
    """Serve GraphQL, REST and GraphiQL until Ctrl-C; requests in flight are answered first."""
    from gateway import garbage

    with garbage.lasting():
        from gateway import provision
        from gateway import serve as server
        from gateway.settings import load_settings

    listener, settings = server.listen(load_settings(host=host, port=port, workers=workers))
    with listener, provision.current_database(settings) as ready:
        server.run(ready, listener, lambda: typer.echo(f"Serving on {ready.base_url}"))
