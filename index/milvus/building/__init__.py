"""A new generation in Milvus, from the claim to build it to the row that publishes it."""
