"""What people do to leads: each one transaction on the store's writer."""
