CHANNELS = {"online": "Trực tuyến", "counter": "Tại quầy", "post": "Qua bưu chính"}
