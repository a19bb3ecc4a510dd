/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A software RDMA device and operations on it, see <gupcheck/rdma.h>. A queue
 * pair that is connected to itself plays the peer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <infiniband/verbs.h>
#include <sys/mman.h>
#include <gupcheck/rdma.h>
#include <gupcheck/worker.h>

#define PORT 1
#define MTU 4200 /* room for the largest RDMA packet, 4096 bytes of data */
#define PIECE (1 << 20)
#define SETUP_LIMIT_MS 5000
#define TRANSFER_LIMIT_MS 20000

/*
 * struct transfer - one RDMA operation between two regions of ours
 * @pair: exists for the time of the transfer only; old kernels let a queue pair
 *	hold on to the region that it served last
 */
struct transfer {
	struct rdma_device *device;
	enum ibv_wr_opcode opcode;
	struct ibv_mr *local;
	struct ibv_mr *remote;
	struct ibv_qp *pair;
	struct ibv_wc done;
};

static int trouble(struct rdma_device *device, const char *what, int ret)
{
	device->trouble = what;
	return ret;
}

static bool device_found(void *arg)
{
	struct rdma_device *device = arg;
	struct ibv_device **list;
	int i, count = 0;

	list = ibv_get_device_list(&count);
	if (!list)
		return false;
	for (i = 0; i < count && !device->context; i++) {
		if (strcmp(ibv_get_device_name(list[i]), device->name))
			continue;
		device->index = ibv_get_device_index(list[i]);
		device->context = ibv_open_device(list[i]);
	}
	ibv_free_device_list(list);
	return device->context != NULL;
}

/* An IPv4 address as RDMA spells it: as the IPv6 address that stands for it. */
static union ibv_gid gid_of(struct in_addr address)
{
	union ibv_gid gid = {0};

	memset(gid.raw + 10, 0xff, 2);
	memcpy(gid.raw + 12, &address, sizeof(address));
	return gid;
}

/* The address table is filled from a work item after the address was added. */
static bool address_found(void *arg)
{
	struct rdma_device *device = arg;
	union ibv_gid gid = gid_of(device->address);
	struct ibv_gid_entry entry;
	struct ibv_port_attr port;
	uint8_t i;

	if (ibv_query_port(device->context, PORT, &port) ||
	    port.state != IBV_PORT_ACTIVE)
		return false;
	device->mtu = (int)port.active_mtu;
	for (i = 0; i < UINT8_MAX && i < port.gid_tbl_len; i++) {
		if (ibv_query_gid_ex(device->context, PORT, i, &entry, 0) ||
		    entry.gid_type != IBV_GID_TYPE_ROCE_V2 ||
		    memcmp(&entry.gid, &gid, sizeof(gid)))
			continue;
		device->gid_index = i;
		return true;
	}
	return false;
}

static int link_setup(struct rdma_device *device)
{
	int ret;

	ret = net_pair_open(&device->pair, MTU);
	if (ret)
		return trouble(device, "virtual Ethernet pair", ret);
	device->address.s_addr = htonl(0xc0000200 | (device->pair.slot + 1));
	ret = net_address_add(device->pair.near, device->address);
	if (ret)
		return trouble(device, "IPv4 address", ret);
	ret = net_rdma_add(device->name, sizeof(device->name), "rxe",
			   device->pair.near);
	if (ret)
		return trouble(device, "RDMA link", ret);
	return 0;
}

static int verbs_setup(struct rdma_device *device)
{
	int ret;

	ret = worker_await(device_found, device, "RDMA device", SETUP_LIMIT_MS);
	if (ret)
		return trouble(device, "RDMA device", ret);
	ret = worker_await(address_found, device, "RDMA address",
			   SETUP_LIMIT_MS);
	if (ret)
		return trouble(device, "RDMA address", ret);
	device->domain = ibv_alloc_pd(device->context);
	if (!device->domain)
		return trouble(device, "ibv_alloc_pd", -errno);
	device->completions = ibv_create_cq(device->context, 4, NULL, NULL, 0);
	if (!device->completions)
		return trouble(device, "ibv_create_cq", -errno);
	return 0;
}

static int pair_ready(struct ibv_qp *pair)
{
	struct ibv_qp_attr attr = {.qp_state = IBV_QPS_INIT,
				   .port_num = PORT,
				   .qp_access_flags = RDMA_ACCESS};

	return -ibv_modify_qp(pair, &attr,
			      IBV_QP_STATE | IBV_QP_PKEY_INDEX | IBV_QP_PORT |
				      IBV_QP_ACCESS_FLAGS);
}

static int pair_receives(struct ibv_qp *pair, const struct rdma_device *device)
{
	struct ibv_qp_attr attr = {
		.qp_state = IBV_QPS_RTR,
		.path_mtu = (enum ibv_mtu)device->mtu,
		.dest_qp_num = pair->qp_num,
		.max_dest_rd_atomic = 1,
		.min_rnr_timer = 12,
		.ah_attr = {.is_global = 1,
			    .port_num = PORT,
			    .grh = {.dgid = gid_of(device->address),
				    .sgid_index = device->gid_index,
				    .hop_limit = 1}},
	};

	return -ibv_modify_qp(pair, &attr,
			      IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU |
				      IBV_QP_DEST_QPN | IBV_QP_RQ_PSN |
				      IBV_QP_MAX_DEST_RD_ATOMIC |
				      IBV_QP_MIN_RNR_TIMER);
}

/* Nothing is lost on the way to oneself: time-outs are for slow machines. */
static int pair_sends(struct ibv_qp *pair)
{
	struct ibv_qp_attr attr = {.qp_state = IBV_QPS_RTS,
				   .timeout = 17,
				   .retry_cnt = 7,
				   .rnr_retry = 7,
				   .max_rd_atomic = 1};

	return -ibv_modify_qp(pair, &attr,
			      IBV_QP_STATE | IBV_QP_TIMEOUT | IBV_QP_RETRY_CNT |
				      IBV_QP_RNR_RETRY | IBV_QP_SQ_PSN |
				      IBV_QP_MAX_QP_RD_ATOMIC);
}

static int transfer_connect(struct transfer *transfer)
{
	struct rdma_device *device = transfer->device;
	struct ibv_qp_init_attr attr = {
		.send_cq = device->completions,
		.recv_cq = device->completions,
		.cap = {.max_send_wr = 4,
			.max_recv_wr = 1,
			.max_send_sge = 1,
			.max_recv_sge = 1},
		.qp_type = IBV_QPT_RC,
	};
	int ret;

	transfer->pair = ibv_create_qp(device->domain, &attr);
	if (!transfer->pair)
		return trouble(device, "ibv_create_qp", -errno);
	ret = pair_ready(transfer->pair);
	if (!ret)
		ret = pair_receives(transfer->pair, device);
	if (!ret)
		ret = pair_sends(transfer->pair);
	return trouble(device, "ibv_modify_qp", ret);
}

static bool transfer_done(void *arg)
{
	struct transfer *transfer = arg;

	return ibv_poll_cq(transfer->device->completions, 1, &transfer->done);
}

static int transfer_piece(struct transfer *transfer, size_t offset, size_t len)
{
	struct ibv_sge local = {
		.addr = (uintptr_t)transfer->local->addr + offset,
		.length = (uint32_t)len,
		.lkey = transfer->local->lkey,
	};
	struct ibv_send_wr *rejected;
	struct ibv_send_wr request = {
		.sg_list = &local,
		.num_sge = 1,
		.opcode = transfer->opcode,
		.send_flags = IBV_SEND_SIGNALED,
	};
	int ret;

	request.wr.rdma.remote_addr =
		(uintptr_t)transfer->remote->addr + offset;
	request.wr.rdma.rkey = transfer->remote->rkey;
	/* what stands if polling itself fails */
	transfer->done.status = IBV_WC_GENERAL_ERR;
	ret = -ibv_post_send(transfer->pair, &request, &rejected);
	if (ret)
		return trouble(transfer->device, "ibv_post_send", ret);
	ret = worker_await(transfer_done, transfer, "RDMA completion",
			   TRANSFER_LIMIT_MS);
	if (ret)
		return trouble(transfer->device, "RDMA completion", ret);
	if (transfer->done.status == IBV_WC_SUCCESS)
		return 0;
	return trouble(transfer->device,
		       ibv_wc_status_str(transfer->done.status), -EIO);
}

static int transfer_run(struct transfer *transfer)
{
	size_t at, len, end = transfer->remote->length;
	int ret;

	ret = transfer_connect(transfer);
	for (at = 0; !ret && at < end; at += len) {
		len = end - at < PIECE ? end - at : PIECE;
		ret = transfer_piece(transfer, at, len);
	}
	if (transfer->pair)
		ibv_destroy_qp(transfer->pair);
	return ret;
}

/* Between @region and @bounce, which is as long and registered meanwhile. */
static int move(struct rdma_device *device, enum ibv_wr_opcode opcode,
		struct ibv_mr *region, void *bounce)
{
	struct transfer transfer = {
		.device = device, .opcode = opcode, .remote = region};
	int ret;

	transfer.local = ibv_reg_mr(device->domain, bounce, region->length,
				    IBV_ACCESS_LOCAL_WRITE);
	if (!transfer.local)
		return trouble(device, "ibv_reg_mr of own memory", -errno);
	ret = transfer_run(&transfer);
	must_zero(-ibv_dereg_mr(transfer.local));
	return ret;
}

int rdma_write(struct rdma_device *device, struct ibv_mr *region,
	       const void *data)
{
	void *bounce = must_alloc(region->length);
	int ret;

	memcpy(bounce, data, region->length);
	ret = move(device, IBV_WR_RDMA_WRITE, region, bounce);
	munmap(bounce, region->length);
	return ret;
}

int rdma_read(struct rdma_device *device, struct ibv_mr *region, void *buf)
{
	void *bounce = must_alloc(region->length);
	int ret;

	ret = move(device, IBV_WR_RDMA_READ, region, bounce);
	if (!ret)
		memcpy(buf, bounce, region->length);
	munmap(bounce, region->length);
	return ret;
}

/* With memory that no filesystem has a say in. */
static int self_test(struct rdma_device *device)
{
	size_t len = (size_t)sysconf(_SC_PAGESIZE);
	char *memory = must_alloc(2 * len);
	struct ibv_mr *region;
	int ret;

	memset(memory + len, 1, len);
	region = ibv_reg_mr(device->domain, memory, len, RDMA_ACCESS);
	if (!region)
		return trouble(device, "ibv_reg_mr of own memory", -errno);
	ret = rdma_write(device, region, memory + len);
	if (!ret && memcmp(memory, memory + len, len))
		ret = trouble(device, "RDMA WRITE that wrote nothing", -EIO);
	must_zero(-ibv_dereg_mr(region));
	munmap(memory, 2 * len);
	return ret;
}

int rdma_device_open(struct rdma_device *ret)
{
	int err;

	memset(ret, 0, sizeof(*ret));
	ret->pair.lock = -1;
	ret->index = -1;
	err = link_setup(ret);
	if (!err)
		err = verbs_setup(ret);
	if (!err)
		err = self_test(ret);
	return err;
}

/*
 * The RDMA device would go with its network device, but not without complaints
 * in the kernel's log: some code asks for the port when that is gone already.
 */
void rdma_device_close(struct rdma_device *device)
{
	if (device->completions)
		ibv_destroy_cq(device->completions);
	if (device->domain)
		ibv_dealloc_pd(device->domain);
	if (device->context)
		ibv_close_device(device->context);
	if (device->index >= 0)
		net_rdma_delete((uint32_t)device->index);
	device->completions = NULL;
	device->domain = NULL;
	device->context = NULL;
	device->index = -1;
	net_pair_close(&device->pair);
}
