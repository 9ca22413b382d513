"""The parts of the `sql` source."""
