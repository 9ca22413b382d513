"""What people ask of the store, answered in frozen dataclasses. Reads only, and nothing of a payload."""
