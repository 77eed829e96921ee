#include "runtime/abort.h"
#include "runtime/blob_binding.h"
#include "runtime/dom_exception.h"
#include "runtime/event.h"
#include "runtime/event_target.h"
#include "runtime/file_list.h"
#include "runtime/file_reader.h"
#include "runtime/form_controls.h"
#include "runtime/form_data_binding.h"
#include "runtime/global_scope.h"
#include "runtime/html_elements.h"
#include "runtime/location.h"
#include "runtime/message_event.h"
#include "runtime/message_port.h"
#include "runtime/node_binding.h"
#include "runtime/navigator.h"
#include "runtime/page_events.h"
#include "runtime/performance.h"
#include "runtime/readable_stream.h"
#include "runtime/rejections.h"
#include "runtime/shared_worker.h"
#include "runtime/text_encoding.h"
#include "runtime/ui_event.h"
#include "runtime/url_binding.h"
#include "runtime/window.h"
#include "runtime/worker.h"
#include "runtime/worker_global_scope.h"
#include "runtime/xmlhttprequest.h"

/* Every interface, one that others inherit from before them. */
/* clang-format off */
const xhr__interface *const xhr__interfaces[] = {
    &xhr__dom_exception_interface,
    &xhr__event_interface,
    &xhr__custom_event_interface,
    &xhr__progress_event_interface,
    &xhr__error_event_interface,
    &xhr__message_event_interface,
    &xhr__promise_rejection_event_interface,
    &xhr__hash_change_event_interface,
    &xhr__page_transition_event_interface,
    &xhr__form_data_event_interface,
    &xhr__ui_event_interface,
    &xhr__mouse_event_interface,
    &xhr__wheel_event_interface,
    &xhr__focus_event_interface,
    &xhr__keyboard_event_interface,
    &xhr__composition_event_interface,
    &xhr__event_target_interface,
    &xhr__message_port_interface,
    &xhr__message_channel_interface,
    &xhr__abort_controller_interface,
    &xhr__abort_signal_interface,
    &xhr__global_scope_interface,
    &xhr__worker_global_scope_interface,
    &xhr__dedicated_worker_global_scope_interface,
    &xhr__shared_worker_global_scope_interface,
    &xhr__worker_location_interface,
    &xhr__worker_navigator_interface,
    &xhr__worker_interface,
    &xhr__shared_worker_interface,
    &xhr__node_interface,
    &xhr__document_interface,
    &xhr__xml_document_interface,
    &xhr__document_fragment_interface,
    &xhr__document_type_interface,
    &xhr__attr_interface,
    &xhr__element_interface,
    &xhr__character_data_interface,
    &xhr__text_interface,
    &xhr__cdata_section_interface,
    &xhr__processing_instruction_interface,
    &xhr__comment_interface,
    &xhr__dom_implementation_interface,
    &xhr__node_list_interface,
    &xhr__html_collection_interface,
    &xhr__html_form_controls_collection_interface,
    &xhr__html_options_collection_interface,
    &xhr__radio_node_list_interface,
    &xhr__named_node_map_interface,
    &xhr__dom_token_list_interface,
    &xhr__html_element_interface,
    &xhr__html_unknown_element_interface,
    XHR__HTML_ELEMENT_MAP(XHR__HTML_ELEMENT_LISTED)
    XHR__HTML_BARE_ELEMENT_MAP(XHR__HTML_ELEMENT_LISTED)
    &xhr__window_interface,
    &xhr__window_properties_interface,
    &xhr__location_interface,
    &xhr__navigator_interface,
    &xhr__readable_stream_interface,
    &xhr__readable_stream_async_iterator_interface,
    &xhr__readable_stream_default_reader_interface,
    &xhr__readable_stream_byob_reader_interface,
    &xhr__readable_stream_default_controller_interface,
    &xhr__readable_byte_stream_controller_interface,
    &xhr__readable_stream_byob_request_interface,
    &xhr__stream_source_interface,
    &xhr__byte_length_queuing_strategy_interface,
    &xhr__count_queuing_strategy_interface,
    &xhr__blob_interface,
    &xhr__file_interface,
    &xhr__form_data_interface,
    &xhr__form_data_iterator_interface,
    &xhr__file_list_interface,
    &xhr__file_reader_interface,
    &xhr__file_reader_sync_interface,
    &xhr__performance_interface,
    &xhr__url_interface,
    &xhr__url_search_params_interface,
    &xhr__url_search_params_iterator_interface,
    &xhr__text_encoder_interface,
    &xhr__text_decoder_interface,
    &xhr__xml_http_request_event_target_interface,
    &xhr__xml_http_request_upload_interface,
    &xhr__xml_http_request_interface,
};
/* clang-format on */
const size_t xhr__interface_count = sizeof xhr__interfaces / sizeof *xhr__interfaces;
