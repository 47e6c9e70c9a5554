"""Creates the tables of Letta 0.16.8 in the empty database that LETTA_PG_URI names.

The wheel of Letta holds no migrations, so the tables are made from the ORM's metadata. Three things that only the
migrations knew are added: the vector extension, the sequence that numbers messages (without it no message can be
stored), and a default that the ORM would freeze at the time of creation.
"""

import asyncio
import os

import letta.orm  # noqa: F401  registers every table
from letta.orm.base import Base
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

AFTERWARDS = (
    "CREATE SEQUENCE message_seq_id OWNED BY messages.sequence_id",
    "ALTER TABLE messages ALTER COLUMN sequence_id SET DEFAULT nextval('message_seq_id')",
    "ALTER TABLE archives_agents ALTER COLUMN created_at SET DEFAULT now()",
)


async def create() -> None:
    uri = os.environ["LETTA_PG_URI"].replace("postgresql://", "postgresql+asyncpg://").replace("sslmode=", "ssl=")
    engine = create_async_engine(uri)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE EXTENSION vector"))
        await connection.run_sync(Base.metadata.create_all)
        for statement in AFTERWARDS:
            await connection.execute(text(statement))
    await engine.dispose()


asyncio.run(create())
