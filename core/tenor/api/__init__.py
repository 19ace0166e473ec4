"""REST from the declarations. Whatever starts an institution imports the record that stands here, without the rest."""
