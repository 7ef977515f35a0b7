"""Writes what is generated in `schema/`; a test compares it with what the program serves."""

from pathlib import Path

from resolvers.schema import build_schema

SDL = Path("schema") / "schema.graphql"


def write(root: Path) -> list[Path]:
    """Write the generated files below this folder anew and give their paths."""
    path = root / SDL
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sdl(), encoding="utf-8")
    return [path]


def sdl() -> str:
    """The schema in the schema definition language, with descriptions and the rights of fields."""
    return build_schema().as_str() + "\n"
