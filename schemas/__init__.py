"""What the data is: records between stages, Arrow tables on disk, errors."""
