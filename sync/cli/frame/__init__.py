"""What all verbs share: finding them, their options, their errors, and how they print."""
