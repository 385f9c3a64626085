"""What datasets of 10,000 to 1,000,000 articles cost: to add to, to grow, to read."""
