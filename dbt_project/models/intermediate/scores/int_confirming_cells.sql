{{ cells_of('not ' ~ is_measurement()) }}
