"""Private parts of `sources.pipedrive`; import from that."""
