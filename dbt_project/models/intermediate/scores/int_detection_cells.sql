{{ cells_of(is_measurement()) }}
