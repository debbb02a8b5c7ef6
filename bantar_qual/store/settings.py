"""What a study is called, which language it speaks, who made it, and its codebook."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import Act, acting, valid, within


def begin(connection: Connection, *, codebook: str, coder: str, settings: dict[str, str]) -> None:
    """Write the first act of a new study."""
    with within(connection, "create", coder=coder) as act:
        act.add(schema.setting, [{"key": k, "value": v} for k, v in settings.items()])
        act.add(schema.codebook, [{"yaml": codebook}])


def settings(store: Store, moment: int | None = None) -> dict[str, str]:
    """Return the study's settings, as they are now or were right after an act."""
    table = schema.setting
    with store.reading() as connection:
        rows = connection.execute(select(table.c.key, table.c.value).where(valid(table, moment)))
        return {row.key: row.value for row in rows}


def set_settings(store: Store, values: dict[str, str], *, coder: str) -> None:
    """Keep settings of the study."""
    table = schema.setting
    with acting(store, "set", coder=coder, note=", ".join(values)) as act:
        query = select(table.c.id, table.c.key, table.c.value).where(valid(table))
        known = {row.key: row for row in act.connection.execute(query)}
        for key, value in values.items():
            if key not in known:
                act.add(table, [{"key": key, "value": value}])
            elif known[key].value != value:
                act.change(table, [known[key].id], {"value": value})


def codebook(store: Store, moment: int | None = None) -> str:
    """Return the codebook, as YAML, as it is or was right after an act."""
    table = schema.codebook
    with store.reading() as connection:
        found = connection.execute(select(table.c.yaml).where(valid(table, moment))).scalar()
    return str(found or "")


def codebooks(store: Store) -> list[tuple[int, str]]:
    """Return every codebook that the study had, each with the act that made it, in order."""
    table = schema.codebook
    query = select(table.c.from_act, table.c.yaml).order_by(table.c.version)
    with store.reading() as connection:
        return [(int(act), str(yaml)) for act, yaml in connection.execute(query)]


def set_codebook(act: Act, yaml: str) -> None:
    """Replace the codebook within an act."""
    table = schema.codebook
    ids = act.connection.execute(select(table.c.id).where(valid(table))).scalars().all()
    act.change(table, ids, {"yaml": yaml})
