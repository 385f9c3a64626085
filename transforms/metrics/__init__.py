"""What runs and streams have counted, as metrics of Prometheus: https://prometheus.io/docs/concepts/data_model/."""
