"""The store: tables, engine, facts, vault, migrations. The only room with SQL."""
