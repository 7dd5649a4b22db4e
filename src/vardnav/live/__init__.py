"""News to open pages: that something changed, never what. Who hears it asks again with its own rights."""
