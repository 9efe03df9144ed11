class RuntimeRouter:
    """Everything reads and writes through `default`; only the owner migrates."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == "owner"
