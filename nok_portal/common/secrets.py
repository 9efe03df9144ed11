"""Secrets that people carry in links and headers: the portal keeps their hashes only."""

import hashlib


def hash_of_secret(secret: str) -> str:
    """What is kept of a long random secret. Without salt, so that a row is found by it."""
    return hashlib.sha256(secret.encode()).hexdigest()
