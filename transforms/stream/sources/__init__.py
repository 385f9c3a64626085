"""What a stream reads: feeds, folders that grow, Kafka topics. Each is polled at every tick."""
