"""Who serves whom and how it is felt, for HR: the document of one quarter, made of published figures only."""
