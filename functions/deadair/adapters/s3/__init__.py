"""S3: objects with conditions, and the documents of the knowledge base."""
