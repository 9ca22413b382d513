"""What the adapters for CRMs share: settings, access, spans of change time, words for failures."""
