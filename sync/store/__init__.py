"""The state store: ledger, outbox, positions, runs, leases."""
