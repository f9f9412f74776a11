"""`config/*.toml` and the environment -> values. Alone reads them; everyone else is handed what it needs."""
