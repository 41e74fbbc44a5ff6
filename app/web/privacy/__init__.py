"""`/admin/privacy`: hand somebody what is held about them, erase them, see how long things are kept."""
