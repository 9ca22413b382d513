"""Files in object stores and on servers: what `sources.spreadsheet` reads by a URL, one store per module."""
