"""What the commands do: the configuration brought to life, a source polled, an outbox delivered."""
