"""Starts PostgreSQL and Valkey from wheels for bin/run, bin/test and bin/manage.

Nothing else of the project imports this package, and it imports no Django: servers given by
DATABASE_URL, DATABASE_OWNER_URL or REDIS_URL are used as they are and nothing is started for them.

Who wants servers takes a lease (lease.py). The first lease starts a keeper (keeper.py), a process
that owns the servers of one checkout. A lease is an open socket: when the last one closes, be it by
Ctrl-C or kill -9 of its holder, the keeper stops the servers and ends.
"""
