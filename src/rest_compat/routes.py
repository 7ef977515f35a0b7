"""The documented REST paths that are served, on one page, in the order of the documentation."""

from http import HTTPStatus

from rest_compat.table import Other, Route, delete, get, patch, post

CREATED = HTTPStatus.CREATED

# Rows of the documented table, of which ROUTES has those that are served.
DOCUMENTED = 68

# fmt: off
ROUTES: tuple[Route, ...] = (
    # -- stock ----------------------------------------------------------------------------------------------
    get   ("/api/inventory",                                  "inventory.read",       "stock/list_items"),
    get   ("/api/inventory/locations",                        "inventory.read",       "stock/list_by_location"),

    # -- adjustments ----------------------------------------------------------------------------------------
    post  ("/api/inventory/adjust",                           "inventory.adjust",     "adjustments/adjust_stock"),
    get   ("/api/inventory/adjustments",                      "inventory.adjust",     "adjustments/list_adjustments"),
    post  ("/api/inventory/adjustments",                      "inventory.adjust",     "adjustments/create_adjustment"),
    post  ("/api/inventory/adjustments/lot-correction",       "inventory.adjust",     "adjustments/correct_lot"),
    get   ("/api/inventory/adjustments/reason-codes",         "inventory.adjust",     "adjustments/list_reason_codes"),
    get   ("/api/inventory/adjustments/record-stock",         "inventory.adjust",     "adjustments/list_recordings"),
    post  ("/api/inventory/adjustments/record-stock",         "inventory.adjust",     "adjustments/record_stock_adjustment", CREATED),
    post  ("/api/inventory/record-stock",                     "inventory.write",      "adjustments/record_stock", CREATED),

    # -- expired --------------------------------------------------------------------------------------------
    get   ("/api/inventory/expired",                          "inventory.read",       "expired/list_expired"),
    post  ("/api/inventory/expired/mark-consumed",            "inventory.write",      "expired/mark_consumed"),
    post  ("/api/inventory/expired/mark-expired",             "inventory.write",      "expired/mark_expired"),
    post  ("/api/inventory/expired/transfer-destruction",     "inventory.write",      "expired/destroy_stock"),

    # -- holds ----------------------------------------------------------------------------------------------
    get   ("/api/inventory/holds",                            "inventory.read",       "holds/list_holds"),
    post  ("/api/inventory/holds",                            "inventory.write",      "holds/place_hold", CREATED),
    post  ("/api/inventory/holds/release",                    "inventory.write",      "holds/release_holds"),

    # -- cycle_counts ---------------------------------------------------------------------------------------
    get   ("/api/inventory/cycle-count",                      "inventory.cyclecount", "cycle_counts/list_batches"),
    post  ("/api/inventory/cycle-count",                      "inventory.cyclecount", "cycle_counts/create_batch", CREATED),
    get   ("/api/inventory/cycle-count/{batchId}",            "inventory.cyclecount", "cycle_counts/get_batch", within="batch"),
    post  ("/api/inventory/cycle-count/{batchId}",            "inventory.cyclecount", "cycle_counts/update_batch"),
    get   ("/api/inventory/cycle-count/abc",                  "inventory.cyclecount", "cycle_counts/classify_abc"),
    post  ("/api/inventory/cycle-count/abc",                  "inventory.cyclecount", "cycle_counts/create_abc_batch", CREATED),
    get   ("/api/inventory/cycle-count/blind-form",           "inventory.cyclecount", "cycle_counts/get_blind_form", within="form", csv=("form", "lines")),
    post  ("/api/inventory/cycle-count/resolve",              "inventory.cyclecount", "cycle_counts/resolve_batch"),

    # -- lots -----------------------------------------------------------------------------------------------
    get   ("/api/inventory/lot-control/validate",             "inventory.read",       "lots/get_lot_control"),
    post  ("/api/inventory/lot-control/validate",             "inventory.read",       "lots/validate_lot", success=False, other=Other("lines", "lots/validate_lots")),

    # -- availability ---------------------------------------------------------------------------------------
    get   ("/api/inventory/availability",                     "inventory.read",       "availability/list_lines", head={"type": "stockLines"}, other=Other("summary", "availability/summarize", {"type": "summary"}, "data")),
    get   ("/api/inventory/availability/{id}",                "inventory.read",       "availability/get_line", head={"type": "stockLine"}, within="data"),
    post  ("/api/inventory/availability/{id}",                "inventory.write",      "availability/record_line", CREATED),
    post  ("/api/inventory/availability/check",               "inventory.read",       "availability/check", success=False, other=Other("lines", "availability/check_lines")),

    # -- transfers ------------------------------------------------------------------------------------------
    get   ("/api/inventory/transfers",                        "transfers.read",       "transfers/list_transfers"),
    post  ("/api/inventory/transfers",                        "transfers.write",      "transfers/create_transfer", CREATED),
    get   ("/api/inventory/transfers/bins",                   "transfers.read",       "transfers/list_bins"),
    get   ("/api/inventory/transfers/{id}",                   "transfers.read",       "transfers/get_transfer", within="transfer"),
    post  ("/api/inventory/transfers/{id}",                   "transfers.write",      "transfers/change_transfer"),

    # -- levels ---------------------------------------------------------------------------------------------
    get   ("/api/products/{id}/inventory-levels",             "products.read + inventory.read", "levels/list_levels"),

    # -- requests -------------------------------------------------------------------------------------------
    get   ("/api/stock-requests",                             "stockrequests.read",   "requests/list_requests"),
    post  ("/api/stock-requests",                             "stockrequests.write",  "requests/create_request", CREATED),
    get   ("/api/stock-requests/{id}",                        "stockrequests.read",   "requests/get_request", within="stockRequest"),
    patch ("/api/stock-requests/{id}",                        "stockrequests.write",  "requests/update_request"),
    delete("/api/stock-requests/{id}",                        "stockrequests.write",  "requests/delete_request"),
    post  ("/api/stock-requests/{id}/approve",                "stockrequests.approve", "requests/approve_request"),
    post  ("/api/stock-requests/{id}/comment",                "stockrequests.write",  "requests/comment_on_request", CREATED),
    get   ("/api/stock-requests/{id}/lines",                  "stockrequests.read",   "requests/list_request_lines"),
    post  ("/api/stock-requests/{id}/lines",                  "stockrequests.write",  "requests/add_request_line", CREATED),
    post  ("/api/stock-requests/{id}/reject",                 "stockrequests.approve", "requests/reject_request"),
    post  ("/api/stock-requests/{id}/rollback",               "stockrequests.write",  "requests/roll_back_request"),
    get   ("/api/stock-requests/{id}/status",                 "stockrequests.read",   "requests/get_request_status"),
    post  ("/api/stock-requests/{id}/status",                 "stockrequests.write",  "requests/change_status"),
    post  ("/api/stock-requests/{id}/submit",                 "stockrequests.write",  "requests/submit_request"),
    get   ("/api/stock-requests/by-category",                 "stockrequests.read",   "requests/list_by_category"),
    get   ("/api/stock-requests/dashboard",                   "stockrequests.read",   "requests/get_dashboard", within="dashboard"),
    get   ("/api/stock-requests/filters",                     "stockrequests.read",   "requests/get_filters", within="filters"),
    get   ("/api/stock-requests/pending-approvals",           "stockrequests.approve", "requests/list_pending_approvals"),
    get   ("/api/stock-requests/products/search",             "stockrequests.read + products.read", "requests/search_products"),
    get   ("/api/stock-requests/products/stocklist",          "stockrequests.read",   "requests/get_stocklist"),
    # -- put_away -------------------------------------------------------------------------------------------
    get   ("/api/inventory/put-away",                         "inventory.read",       "put_away/list_tasks"),
    post  ("/api/inventory/put-away",                         "inventory.write",      "put_away/create_task", CREATED),

    # -- replenishment --------------------------------------------------------------------------------------
    get   ("/api/inventory/replenishment",                    "replenishment.read",   "replenishment/list_records"),
    post  ("/api/inventory/replenishment",                    "replenishment.write",  "replenishment/create_record", CREATED),
    get   ("/api/inventory/replenishment/config",             "replenishment.read",   "replenishment/list_configs", other=Other(("productMasterId", "locationId"), "replenishment/get_config", within="config")),
    post  ("/api/inventory/replenishment/config",             "replenishment.write",  "replenishment/set_config"),
    post  ("/api/inventory/replenishment/suggestions",        "replenishment.read",   "replenishment/suggest", success=False),

    # -- analytics ------------------------------------------------------------------------------------------
    get   ("/api/inventory/analytics",                        "inventory.read",       "analytics/get_analytics"),

    # -- atp ------------------------------------------------------------------------------------------------
    get   ("/api/inventory/channel-location",                 "inventory.read",       "atp/get_matrix", csv=("products", "channels")),
    get   ("/api/inventory/channel-location/drilldown",       "inventory.read",       "atp/drill_down"),
    get   ("/api/inventory/channel/summary",                  "inventory.read",       "atp/summarize_channels"),
)

# Paths that are documented on other pages than the table's, and those that are ours, on the same rules.
BESIDE: tuple[Route, ...] = (
    # -- levels ---------------------------------------------------------------------------------------------
    post  ("/api/inventory-levels",                           "inventory.write",      "levels/set_level", success=False),

    # -- atp ------------------------------------------------------------------------------------------------
    get   ("/api/inventory/channel-location/cube",            "inventory.read",       "atp/get_cube"),
    get   ("/api/inventory/channel-location/series",          "inventory.read",       "atp/get_series"),

    # -- reservations ---------------------------------------------------------------------------------------
    get   ("/api/inventory/reservations",                     "inventory.read",       "reservations/list_reservations"),
    post  ("/api/inventory/reservations",                     "inventory.write",      "reservations/reserve_stock", CREATED),
    get   ("/api/inventory/reservations/{id}",                "inventory.read",       "reservations/get_reservation", within="reservation"),
    post  ("/api/inventory/reservations/extend",              "inventory.write",      "reservations/extend_reservation"),
    post  ("/api/inventory/reservations/firm-up",             "inventory.write",      "reservations/firm_up_reservation"),
    post  ("/api/inventory/reservations/consume",             "inventory.write",      "reservations/consume_reservation"),
    post  ("/api/inventory/reservations/release",             "inventory.write",      "reservations/release_reservation"),

    # -- keys -----------------------------------------------------------------------------------------------
    get   ("/api/admin/api-keys",                             "admin.keys",           "keys/list_keys"),
    post  ("/api/admin/api-keys",                             "admin.keys",           "keys/create_key", CREATED, success=False),
    patch ("/api/admin/api-keys/{id}",                        "admin.keys",           "keys/update_key", success=False),
    post  ("/api/admin/api-keys/{id}/revoke",                 "admin.keys",           "keys/revoke_key", success=False),
    post  ("/api/admin/api-keys/{id}/rotate",                 "admin.keys",           "keys/rotate_key", success=False),
)
# fmt: on
