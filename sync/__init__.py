"""The application: maps, remembers, stages and delivers leads."""
