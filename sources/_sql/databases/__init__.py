"""What is peculiar to each kind of database, one file each."""
