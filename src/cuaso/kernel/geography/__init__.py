"""Where things lie: VN-2000 and WGS 84, shapes as GeoJSON has them, their size on the ground."""
