/**
 * The names of the original's plugins, so that one that is not here is told from one that is misspelt. A table.
 * Source: the plugin overview of loongcollector, https://github.com/alibaba/loongcollector/blob/main/docs/cn/plugins/overview.md,
 * and that of version 1.8, https://github.com/alibaba/ilogtail/blob/1.8/docs/cn/data-pipeline/overview.md.
 *
 * @module
 */
import type { PluginKind } from "../core/plugin.ts";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Every plugin name of the original that Sluice knows of, built here or not. */
export const KNOWN_PLUGINS: Readonly<Record<PluginKind, readonly string[]>> = {
  input: words(`
    file_log input_command input_container_stdio input_example input_file input_file_security input_forward
    input_host_meta input_host_monitor input_internal_alarms input_internal_metrics input_network_observer
    input_network_security input_observer_network input_process_security input_prometheus input_static_file_onetime
    metric_debug_file metric_docker_file metric_host metric_input_example metric_input_netping metric_meta_host
    metric_meta_kubernetes metric_mock metric_system_v2 observer_ilogtail_network service_canal service_docker_event
    service_docker_stdout service_go_profile service_gpu_metric service_http_server service_input_example
    service_journal service_kafka service_kubernetes_meta service_mock service_mssql service_mysql service_otlp
    service_pgsql service_prometheus service_rdb service_skywalking_agent_v2 service_skywalking_agent_v3 service_snmp
    service_syslog service_telegraf service_wineventlog
  `),
  processor: words(`
    processor_add_fields processor_anchor processor_appender processor_base64_decoding processor_base64_encoding
    processor_cloud_meta processor_csv processor_default processor_desensitize processor_desensitize_native
    processor_dict_map processor_drop processor_drop_last_key processor_encrypt processor_fields_with_condition
    processor_filter_key_regex processor_filter_regex processor_filter_regex_native processor_geoip processor_gotime
    processor_grok processor_json processor_log_to_sls_metric processor_md5 processor_otel_metric
    processor_otel_trace processor_packjson processor_parse_apsara_native processor_parse_container_log_native
    processor_parse_delimiter_native processor_parse_json_native processor_parse_regex_native
    processor_parse_timestamp_native processor_pick_key processor_rate_limit processor_regex
    processor_regex_accelerate processor_json_accelerate processor_delimiter_accelerate
    processor_apsara_accelerate processor_rename processor_spl processor_split_char
    processor_split_key_value processor_split_log_regex processor_split_log_string processor_split_string
    processor_string_replace processor_strptime processor_timestamp_filter_native
  `),
  flusher: words(`
    flusher_blackhole flusher_checker flusher_clickhouse flusher_doris flusher_elasticsearch flusher_file
    flusher_grpc flusher_http flusher_kafka flusher_kafka_native flusher_kafka_v2 flusher_loki flusher_otlp
    flusher_otlp_log flusher_prometheus flusher_pulsar flusher_sleep flusher_sls flusher_statistics flusher_stdout
  `),
};

/** Those that are left out for good: they need a service or a language of their vendor's, or records that are no logs. */
export const REFUSED_PLUGINS: ReadonlySet<string> = new Set(words(`
  processor_apsara_accelerate processor_cloud_meta processor_encrypt processor_geoip processor_log_to_sls_metric
  processor_otel_metric processor_otel_trace processor_parse_apsara_native processor_parse_container_log_native
  processor_spl
`));
