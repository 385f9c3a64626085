"""Learning the weights of the topics from texts."""
