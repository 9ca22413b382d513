"""Private parts of `sources.salesforce`."""
