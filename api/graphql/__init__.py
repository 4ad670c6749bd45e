"""The same data in one question: GraphQL over what the routes answer."""
