"""What the adapters for Microsoft's systems share: access by Entra ID."""
